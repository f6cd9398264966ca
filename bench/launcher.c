// launcher REPORT PROGRAM ARGS: runs a program and writes its wall time in seconds and its peak memory in KiB to REPORT.
// A small parent: Linux counts the memory of the process that forks as the child's own until it runs its program.

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    int status;
    struct rusage usage;
    if (argc < 3)
        return 2;
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        return 126;
    double end = now();
    FILE *report = fopen(argv[1], "w");
    if (!report)
        return 126;
    fprintf(report, "%.6f %ld\n", end - start, usage.ru_maxrss);
    if (fclose(report) != 0)
        return 126;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
