/* Counts the steps of a build: the calls by which its programs change files below a directory. At one of them it kills the whole
 * build, or makes the call fail. Preloaded into every program of the build; its settings are environment variables.
 *
 * STEPS_BELOW    the directory
 * STEPS_COUNTER  a file that grows by a line with each step: what the call was, by whom
 * STEPS_OF       only programs whose path ends in this count; all if it is not set
 * STEPS_AT       the step at which something is done, from 1 on
 * STEPS_ERROR    the number of the error that the call gives then; if it is not set, the build's process group is killed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int is_below(const char *path) {
    const char *below = getenv("STEPS_BELOW");
    return below && path && strncmp(path, below, strlen(below)) == 0;
}

/* 0, or the error that the call is to give. */
static int step(const char *call, const char *path) {
    int before = errno, error = 0;
    const char *counter = getenv("STEPS_COUNTER"), *of = getenv("STEPS_OF");
    char program[4096], line[8300];
    if (!counter || !is_below(path)) return 0;
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    program[len < 0 ? 0 : len] = 0;
    if (of && (strlen(program) < strlen(of) || strcmp(program + strlen(program) - strlen(of), of) != 0)) return 0;
    /* One line in one call: the file's length tells how many there are. A step has the number of its own line. */
    int file = syscall(SYS_openat, AT_FDCWD, counter, O_RDWR | O_APPEND | O_CLOEXEC);
    memset(line, ' ', 512);
    snprintf(line, sizeof line, "%s %s by %s", call, path, strrchr(program, '/') ? strrchr(program, '/') + 1 : program);
    len = strlen(line);
    memset(line + len, ' ', len < 512 ? 512 - len : 0);
    line[511] = '\n';
    syscall(SYS_write, file, line, 512L);
    long number = lseek(file, 0, SEEK_CUR) / 512;
    syscall(SYS_close, file);
    const char *at = getenv("STEPS_AT"), *given = getenv("STEPS_ERROR");
    if (at && number == atol(at)) {
        if (given)
            error = atoi(given);
        else
            for (;;) kill(0, SIGKILL);
    }
    errno = before;
    return error;
}

static int step_at(const char *call, int descriptor) {
    char link[64], path[4096];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t len = readlink(link, path, sizeof path - 1);
    path[len < 0 ? 0 : len] = 0;
    errno = before;
    return step(call, path);
}

static int step_in(const char *call, int directory, const char *name) {
    char link[64], path[8200];
    int before = errno;
    if (*name == '/' || directory == AT_FDCWD) return step(call, name);
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t len = readlink(link, path, 4095);
    snprintf(path + (len < 0 ? 0 : len), 4096, "/%s", name);
    errno = before;
    return step(call, path);
}

#define CALL(type, name, parameters, arguments, stepped)                                                                               \
    type name parameters {                                                                                                             \
        static type(*real) parameters;                                                                                                 \
        if (!real) real = dlsym(RTLD_NEXT, #name);                                                                                     \
        int error = stepped;                                                                                                           \
        if (error) {                                                                                                                   \
            errno = error;                                                                                                             \
            return -1;                                                                                                                 \
        }                                                                                                                              \
        return real arguments;                                                                                                         \
    }

#define OPEN(name, parameters, arguments, path)                                                                                        \
    int name parameters {                                                                                                              \
        static int(*real) parameters;                                                                                                  \
        if (!real) real = dlsym(RTLD_NEXT, #name);                                                                                     \
        va_list more;                                                                                                                  \
        va_start(more, flags);                                                                                                         \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;                                                      \
        va_end(more);                                                                                                                  \
        int error = flags & (O_CREAT | O_TRUNC) ? step("open", path) : 0;                                                              \
        if (error) {                                                                                                                   \
            errno = error;                                                                                                             \
            return -1;                                                                                                                 \
        }                                                                                                                              \
        return real arguments;                                                                                                         \
    }

OPEN(open, (const char *path, int flags, ...), (path, flags, mode), path)
OPEN(open64, (const char *path, int flags, ...), (path, flags, mode), path)
OPEN(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode), path)
OPEN(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode), path)
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), step("mkdir", path))
CALL(int, rename, (const char *from, const char *to), (from, to), step("rename", to))
CALL(int, link, (const char *from, const char *to), (from, to), step("link", to))
CALL(int, linkat, (int from_at, const char *from, int to_at, const char *to, int flags), (from_at, from, to_at, to, flags), step("link", to))
CALL(int, symlink, (const char *from, const char *to), (from, to), step("symlink", to))
CALL(int, unlink, (const char *path), (path), step("unlink", path))
CALL(int, unlinkat, (int at, const char *path, int flags), (at, path, flags), step_in("unlink", at, path))
CALL(int, rmdir, (const char *path), (path), step("rmdir", path))
CALL(int, ftruncate64, (int file, off64_t len), (file, len), step_at("truncate", file))
CALL(ssize_t, write, (int file, const void *bytes, size_t len), (file, bytes, len), step_at("write", file))
CALL(ssize_t, pwrite64, (int file, const void *bytes, size_t len, off64_t at), (file, bytes, len, at), step_at("write", file))
CALL(ssize_t, copy_file_range, (int from, off64_t *from_at, int to, off64_t *to_at, size_t len, unsigned flags),
     (from, from_at, to, to_at, len, flags), step_at("write", to))
