/* Runs a fuzz target on every file of the folders given: a kept corpus as an ordinary test, with any compiler and
   without a fuzzer. Ends with 1 where there was nothing to run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20 };

/* A piece of memory of exactly that size, so that a sanitizer sees the first byte read behind it. */
static int file_run(const char *path)
{
    static uint8_t input[INPUT_MAX];
    FILE *file = fopen(path, "re");
    if (!file) {
        perror(path);
        exit(1);
    }
    size_t size = fread(input, 1, sizeof input, file);
    fclose(file);
    uint8_t *data = malloc(size ? size : 1);
    if (!data)
        exit(1);
    memcpy(data, input, size);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

static int folder_run(const char *folder)
{
    int count = 0;
    char path[4096];
    struct stat info;
    DIR *dir = opendir(folder);
    if (!dir) {
        perror(folder);
        exit(1);
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &info) == 0 && S_ISREG(info.st_mode))
            count += file_run(path);
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += folder_run(argv[i]);
    printf("%d inputs\n", count);
    return count ? 0 : 1;
}
