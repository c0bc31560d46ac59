#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/text.h"
#include "web/http_inside.h"

enum { BACKLOG = 511, SOCKET_MODE = 0660 };

static struct err *cannot(struct arena *a, const char *listen_on, const char *what, int fd)
{
    int code = errno;
    if (fd >= 0)
        close(fd);
    return ERR(a, ERR_INTERNAL, "cannot listen on %s: %s: %s", listen_on, what, strerror(code));
}

/* A socket file that a server before us left behind. One that somebody answers on is not ours to take. */
static bool is_left_behind(const struct sockaddr_un *address)
{
    struct stat about;
    if (lstat(address->sun_path, &about) != 0 || !S_ISSOCK(about.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_dead = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return is_dead;
}

static struct err *listen_unix(struct arena *a, const char *listen_on, const char *path, int *ret_fd, char **ret_path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof address.sun_path)
        return ERR(a, ERR_INVALID, "cannot listen on %s: the path is too long or empty", listen_on);
    memcpy(address.sun_path, path, len);
    if (is_left_behind(&address))
        unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return cannot(a, listen_on, "socket", fd);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        return cannot(a, listen_on, "bind", fd);
    if (chmod(path, SOCKET_MODE) != 0 || listen(fd, BACKLOG) != 0) {
        unlink(path);
        return cannot(a, listen_on, "listen", fd);
    }
    *ret_fd = fd;
    *ret_path = strdup(path);
    return NULL;
}

/* "127.0.0.1:8080" or "[::1]:8080": numbers only, no name is looked up. */
static struct addrinfo *find_address(struct arena *a, const char *listen_on)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM }, *found = NULL;
    char *host = arena_text(a, listen_on), *colon = strrchr(host, ':');
    if (!colon || colon == host)
        return NULL;
    *colon = 0;
    if (host[0] == '[' && colon[-1] == ']') {
        colon[-1] = 0;
        host++;
    }
    return getaddrinfo(host, colon + 1, &hints, &found) == 0 ? found : NULL;
}

static struct err *listen_tcp(struct arena *a, const char *listen_on, int *ret_fd)
{
    struct addrinfo *address = find_address(a, listen_on);
    if (!address)
        return ERR(a, ERR_INVALID, "cannot listen on %s: neither address:port nor unix:/path", listen_on);
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;
    bool is_fine = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0
        && (address->ai_family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) == 0)
        && bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0;
    freeaddrinfo(address);
    if (!is_fine)
        return cannot(a, listen_on, "bind", fd);
    *ret_fd = fd;
    return NULL;
}

struct err *http_listen(struct arena *a, const char *listen_on, int *ret_fd, char **ret_path)
{
    *ret_path = NULL;
    if (text_starts(listen_on, "unix:"))
        return listen_unix(a, listen_on, listen_on + 5, ret_fd, ret_path);
    return listen_tcp(a, listen_on, ret_fd);
}
