// Files: one buffer between a descriptor and whoever reads or writes lines, texts and bytes; the
// File objects that `open` gives are these structs. Also the errors of everything that touches the
// file system.
//
// In text mode bytes are UTF-8 (anything else is a ValueError that says where) and "\r\n" and "\r"
// are read as "\n"; nothing is translated when writing. A file that nothing refers to any more is
// written out and closed; those still open when the program ends are written out then.
#ifndef STDLIB_FILE_H
#define STDLIB_FILE_H

#include "native.h"

// ----------------------------------------------------------------------------------------- errors

// Raises the error that [reason], an errno, means: "cannot read `a.txt`: No such file or
// directory". FileNotFoundError, PermissionError, FileExistsError or IOError. Returns TB_PENDING.
TB_COLD tb_value tb_raise_file(int reason, const char *verb, tb_str *path);

// Raises an error of class [cls] with the message [before]`[path]`[after]. Returns TB_PENDING.
TB_COLD tb_value tb_raise_about(tb_class *cls, const char *before, tb_str *path, const char *after);

// Raises for a system call on [path] that has just failed, by errno. Returns -1.
TB_COLD int tb_file_fail(const char *verb, tb_str *path);

// After a failed system call: 1 when it is to be tried again (a signal came that means nothing), 0
// for a real failure, -1: Interrupt is pending.
int tb_file_retry(void);

// ------------------------------------------------------------------------------------------ files

enum {
    TB_FILE_READ = 1,
    TB_FILE_WRITE = 2,
    TB_FILE_BINARY = 4,
    TB_FILE_APPEND = 8,
    TB_FILE_CREATE = 16,   // made when it does not exist
    TB_FILE_TRUNCATE = 32, // emptied when opened
    TB_FILE_NEW = 64,      // must not exist before
    TB_FILE_STANDARD = 128 // a standard stream: never closed
};

// What the buffer holds.
typedef enum tb_file_state { TB_FILE_IDLE, TB_FILE_READING, TB_FILE_WRITING } tb_file_state;

typedef struct tb_file {
    tb_class *cls;
    tb_str *path; // for a standard stream its name
    tb_str *mode; // as given to `open`
    int fd;       // -1: closed
    int flags;
    tb_file_state state;
    int after_return;   // the last line ended with "\r": a "\n" that follows belongs to it
    int has_return;     // some "\r" was read, so lines may end with it
    char *buffer;       // NULL: none yet
    int64_t start, end; // the bytes not read yet, or not written yet, lie between
    int64_t capacity;
    uint64_t next, previous; // in tb_rt.open_files, hidden from the collector
} tb_file;

extern tb_class tb_file_class; // File

// Opens [path] into [file], a struct of the caller's or an object. 0, or -1: raised.
int tb_file_open(tb_file *file, tb_str *path, int flags);

// The same as a File object, closed when nothing refers to it any more. NULL: raised.
tb_file *tb_file_object(tb_str *path, tb_str *mode, int flags);

// Writes out what is left and closes; closing twice is allowed. 0, or -1: raised (it is closed
// nevertheless).
int tb_file_close(tb_file *file);

// Standard input, shared by `input` and `stdin()`. NULL: MemoryError.
tb_file *tb_file_input(void);

// The file object of a standard stream, 1 or 2. NULL: MemoryError.
tb_file *tb_file_output(int fd);

// The next line without what ends it: String, or Bytes of a binary file. TB_MISSING at the end.
// TB_PENDING: raised.
tb_value tb_file_line(tb_file *file);

// All that is left, String or Bytes. TB_PENDING: raised.
tb_value tb_file_rest(tb_file *file);

// Up to [count] code points as a String, or that many bytes of a binary file. TB_PENDING: raised.
tb_value tb_file_read(tb_file *file, int64_t count);

// Moves to [offset] bytes from the start, the place now, or the end ([whence] as for lseek).
// Returns the new place; -1: raised.
int64_t tb_file_seek(tb_file *file, int64_t offset, int whence);

// Writes a String or Bytes. 0, or -1: raised.
int tb_file_write(tb_file *file, const char *bytes, int64_t size);

// Writes out what the buffer holds. 0, or -1: raised.
int tb_file_flush(tb_file *file);

// Reads whole blocks: up to [size] bytes to [out], waiting for at least one. Returns their number,
// 0 at the end; -1: raised. For copying; text is not looked at.
int64_t tb_file_read_block(int fd, char *out, int64_t size, tb_str *path);

#endif
