#pragma once
/* Randomness, hashes, MACs and passwords, all by libsodium. Keys are derived from the server's one key, which lies
   in a file of its own, apart from database and backups. Nothing here logs. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define SECRET_HASH 32   /* bytes of SHA-256 and of a key */

struct secret_key { unsigned char bytes[SECRET_HASH]; };

void secret_init(void);                                           /* once at start; ends the process where libsodium cannot start */
void secret_random(void *ret_data, size_t len);
void secret_sha256(unsigned char ret_hash[SECRET_HASH], const void *data, size_t len);
void secret_sha256_two(unsigned char ret_hash[SECRET_HASH], const void *one, size_t one_len, const void *two, size_t two_len);  /* over one ‖ two */
void secret_mac(unsigned char ret_mac[SECRET_HASH], const struct secret_key *key, const void *data, size_t len);   /* HMAC-SHA-256 */
/* Many under one key: what it takes to begin is done once. */
struct secret_mac_start { _Alignas(16) unsigned char state[256]; };
void secret_mac_begin(struct secret_mac_start *ret_start, const struct secret_key *server_key, const char *purpose);   /* of a key derived for it */
void secret_mac_from(unsigned char ret_mac[SECRET_HASH], const struct secret_mac_start *start, const void *data, size_t len);
bool secret_same(const void *a, const void *b, size_t len);       /* in constant time */

/* A key for one purpose: purpose is a short word ("form", "mail-link"); the same word gives the same key. */
void secret_derive(struct secret_key *ret_key, const struct secret_key *server_key, const char *purpose);

/* Reads the server's key from a file (32 bytes as hex); makes the file (0600, synced) where it is not there and may_make. */
struct err *secret_key_load(struct arena *a, const char *path, bool may_make, struct secret_key *ret_key) MUST_CHECK;

/* Argon2id, 19 MiB, two passes. Slow on purpose: runs in the hashing lane and nowhere else. */
struct err *secret_password_hash(struct arena *a, const char *password, const char **ret_hash) MUST_CHECK;
bool secret_password_check(const char *hash, const char *password);   /* hash NULL: takes the same time, answers no */
