// Native half of stdlib/io.tb: terminal, files and paths.
#include "tombo.h"

#include "build/stdlib/io.h"

int tb_io_println(int64_t count, const tb_value *values)
{
    return tb_print(count, values, 1);
}
