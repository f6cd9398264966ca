// Runs a program from start to end.
#include "program.h"
#include "finalizer.h"
#include "gc.h"
#include "list.h"
#include "out.h"
#include "report.h"
#include "stack.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STATUS_OK     0
#define STATUS_FAILED 1

// Takes what is pending after the program has ended and returns the exit status it means.
static int finish_pending(const tb_program *program)
{
    if (!tb_rt.pending) return STATUS_OK;
    int is_exiting = tb_is_exiting();
    tb_value value = tb_catch(NULL, 0);
    if (is_exiting) return (int)(tb_rt.exit_code & 0xff);
    if (tb_out_flush() < 0) tb_catch(NULL, 0); // the program has failed anyway
    tb_report_error(program, value);
    return STATUS_FAILED;
}

int tb_program_end(void)
{
    tb_finalizers_end();
    int out = tb_out_flush();
    if (out < 0) tb_report_error(NULL, tb_catch(NULL, 0));
    int files = tb_rt.at_end ? tb_rt.at_end() : 0;
    if (files < 0) tb_report_error(NULL, tb_catch(NULL, 0));
    return out < 0 ? out : files;
}

// The monotonic clock in nanoseconds.
static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Runs on the big stack.
static int run(void *argument)
{
    const tb_program *program = argument;
    tb_rt.pending = 0;
    tb_rt.handling = TB_NONE_VALUE;
    tb_rt.logged = TB_NONE_VALUE;
    tb_rt.log.count = 0;
    tb_rt.file_name = NULL;
    tb_rt.start_ns = clock_ns();
    const char *traces_library = getenv("TOMBO_TRACE_LIBRARY");
    tb_rt.traces_library = traces_library && *traces_library;
    program->start();
    int status = finish_pending(program);
    return tb_program_end() < 0 ? STATUS_FAILED : status;
}

int tb_run(const tb_program *program, int argc, char **argv)
{
    tb_gc_init();
    tb_rt.program_name = argc > 0 ? argv[0] : "";
    tb_rt.argc = argc > 0 ? argc - 1 : 0;
    tb_rt.argv = argv + (argc > 0);
    int status = tb_stack_run(run, (void *)(uintptr_t)program);
    return status < 0 ? STATUS_FAILED : status;
}

tb_value tb_program_args(void)
{
    tb_list *list = tb_list_new(tb_rt.argc);
    for (int64_t i = 0; list && i < tb_rt.argc; i++) {
        tb_text text;
        tb_text_begin(&text);
        if (tb_text_add_any(&text, tb_rt.argv[i], (int64_t)strlen(tb_rt.argv[i])) < 0)
            return TB_PENDING;
        tb_str *s = tb_text_end(&text);
        if (!s || tb_list_push(list, TB_OBJECT(s)) < 0) return TB_PENDING;
    }
    return list ? TB_OBJECT(list) : TB_PENDING;
}
