#include "base/secret.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"

#define PASSWORD_PASSES 2
#define PASSWORD_BYTES (19u << 20)   /* OWASP's second choice: 19 MiB, two passes, one lane */

/* A well-formed hash with our parameters that belongs to nobody: checking against it costs what any check costs. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCEhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

_Static_assert(SECRET_HASH == crypto_hash_sha256_BYTES && SECRET_HASH == crypto_auth_hmacsha256_BYTES, "one size of hash");

void secret_init(void)
{
    if (sodium_init() < 0)
        log_die("libsodium does not start");
}

void secret_random(void *ret_data, size_t len)
{
    randombytes_buf(ret_data, len);
}

void secret_sha256(unsigned char ret_hash[SECRET_HASH], const void *data, size_t len)
{
    crypto_hash_sha256(ret_hash, data, len);
}

void secret_sha256_two(unsigned char ret_hash[SECRET_HASH], const void *one, size_t one_len, const void *two, size_t two_len)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, one, one_len);
    crypto_hash_sha256_update(&state, two, two_len);
    crypto_hash_sha256_final(&state, ret_hash);
}

/* The streaming form takes a key of any size; ours is 32 bytes. */
static void mac_begin(struct secret_mac_start *ret_start, const struct secret_key *key)
{
    crypto_auth_hmacsha256_state state;
    _Static_assert(sizeof state <= sizeof ret_start->state, "room for it");
    crypto_auth_hmacsha256_init(&state, key->bytes, sizeof key->bytes);
    memcpy(ret_start->state, &state, sizeof state);
    sodium_memzero(&state, sizeof state);
}

void secret_mac_from(unsigned char ret_mac[SECRET_HASH], const struct secret_mac_start *start, const void *data, size_t len)
{
    crypto_auth_hmacsha256_state state;
    memcpy(&state, start->state, sizeof state);
    crypto_auth_hmacsha256_update(&state, data, len);
    crypto_auth_hmacsha256_final(&state, ret_mac);
    sodium_memzero(&state, sizeof state);
}

void secret_mac(unsigned char ret_mac[SECRET_HASH], const struct secret_key *key, const void *data, size_t len)
{
    struct secret_mac_start start;
    mac_begin(&start, key);
    secret_mac_from(ret_mac, &start, data, len);
    sodium_memzero(&start, sizeof start);
}

bool secret_same(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

/* One step of HKDF-Expand (RFC 5869) with the purpose as info. */
void secret_derive(struct secret_key *ret_key, const struct secret_key *server_key, const char *purpose)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, server_key->bytes, sizeof server_key->bytes);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)"\x01", 1);
    crypto_auth_hmacsha256_final(&state, ret_key->bytes);
    sodium_memzero(&state, sizeof state);
}

void secret_mac_begin(struct secret_mac_start *ret_start, const struct secret_key *server_key, const char *purpose)
{
    struct secret_key key;
    secret_derive(&key, server_key, purpose);
    mac_begin(ret_start, &key);
    sodium_memzero(&key, sizeof key);
}

static struct err *key_read(struct arena *a, int fd, const char *path, struct secret_key *ret_key)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return ERR(a, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    if (info.st_mode & (S_IROTH | S_IWOTH))
        return ERR(a, ERR_INTERNAL, "%s: the server's key is open to everybody on this machine (mode %o)", path, info.st_mode & 0777u);
    char text[2 * SECRET_HASH + 2];
    ssize_t len = read(fd, text, sizeof text);
    if (len == 2 * SECRET_HASH + 1 && text[len - 1] == '\n')
        len--;
    size_t bytes = 0;
    struct secret_key key;
    if (len != 2 * SECRET_HASH || sodium_hex2bin(key.bytes, sizeof key.bytes, text, (size_t)len, NULL, &bytes, NULL) != 0 || bytes != SECRET_HASH)
        return ERR(a, ERR_INTERNAL, "%s: not a key (%d hexadecimal digits are expected)", path, 2 * SECRET_HASH);
    *ret_key = key;
    sodium_memzero(text, sizeof text);
    sodium_memzero(&key, sizeof key);
    return NULL;
}

static struct err *folder_sync(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_copy(a, path, slash == path ? 1 : (size_t)(slash - path)) : ".";
    AUTO(fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return ERR(a, ERR_INTERNAL, "%s: %s", folder, strerror(errno));
    return NULL;
}

static struct err *key_write(struct arena *a, const char *path)
{
    AUTO(fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return ERR(a, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    struct secret_key key;
    char text[2 * SECRET_HASH + 1];
    secret_random(key.bytes, sizeof key.bytes);
    sodium_bin2hex(text, sizeof text, key.bytes, sizeof key.bytes);
    text[2 * SECRET_HASH] = '\n';
    bool is_written = write(fd, text, sizeof text) == (ssize_t)sizeof text && fsync(fd) == 0;
    sodium_memzero(text, sizeof text);
    sodium_memzero(&key, sizeof key);
    return is_written ? NULL : ERR(a, ERR_INTERNAL, "%s: %s", path, strerror(errno));
}

/* Written whole beside its place and linked there: two processes that start at once end with the same key, and a
   crash never leaves half of one. */
static struct err *key_make(struct arena *a, const char *path)
{
    uint64_t salt;
    secret_random(&salt, sizeof salt);
    const char *draft = arena_printf(a, "%s.%016llx", path, (unsigned long long)salt);
    struct err *e = key_write(a, draft);
    if (!e && link(draft, path) != 0 && errno != EEXIST)
        e = ERR(a, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    unlink(draft);
    return e ? e : folder_sync(a, path);
}

struct err *secret_key_load(struct arena *a, const char *path, bool may_make, struct secret_key *ret_key)
{
    if (may_make && access(path, F_OK) != 0 && errno == ENOENT)
        TRY(key_make(a, path));
    AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR(a, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    return key_read(a, fd, path, ret_key);
}

struct err *secret_password_hash(struct arena *a, const char *password, const char **ret_hash)
{
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password, strlen(password), PASSWORD_PASSES, PASSWORD_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return ERR(a, ERR_BUSY, "no memory to hash a password");
    *ret_hash = arena_text(a, hash);
    return NULL;
}

bool secret_password_check(const char *hash, const char *password)
{
    bool is_right = crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0;
    return is_right && hash;
}
