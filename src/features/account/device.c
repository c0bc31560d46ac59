/* Devices in words: who reads « Firefox sur Linux » knows whether it is theirs. A table of words looked for in order,
   since browsers claim to be one another; more than that is not worth knowing. */
#include <string.h>
#include "features/account/account_inside.h"

struct sign { const char *word; const char *name; };

static const struct sign browsers[] = {
    { "Edg/", "Edge" }, { "EdgA/", "Edge" }, { "EdgiOS/", "Edge" }, { "OPR/", "Opera" }, { "Vivaldi/", "Vivaldi" },
    { "SamsungBrowser/", "Samsung Internet" }, { "FxiOS/", "Firefox" }, { "Firefox/", "Firefox" }, { "CriOS/", "Chrome" },
    { "HeadlessChrome/", "Chrome" }, { "Chrome/", "Chrome" }, { "Safari/", "Safari" }, { "curl/", "curl" }, { NULL, "" },
};

static const struct sign systems[] = {
    { "iPhone", "iPhone" }, { "iPad", "iPad" }, { "Android", "Android" }, { "Windows", "Windows" }, { "CrOS", "ChromeOS" },
    { "Mac OS X", "macOS" }, { "Macintosh", "macOS" }, { "Linux", "Linux" }, { "FreeBSD", "FreeBSD" }, { NULL, "" },
};

static const char *sign_find(const struct sign *sign, const char *agent)
{
    while (sign->word && !strstr(agent, sign->word))
        sign++;
    return sign->name;
}

void device_read(const char *agent, const char **ret_browser, const char **ret_system)
{
    *ret_browser = sign_find(browsers, agent);
    *ret_system = sign_find(systems, agent);
}
