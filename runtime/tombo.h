// Everything generated C and the native half of a library may use; the one header they include.
//
// In the order in which to read it: what a value is, memory and errors, operators, then one header
// a type.
#ifndef TOMBO_H
#define TOMBO_H

// clang-format off
#include "value.h"

#include "error.h"
#include "gc.h"
#include "stack.h"
#include "program.h"
#include "finalizer.h"

#include "arith.h"
#include "compare.h"
#include "copy.h"
#include "items.h"

#include "int.h"
#include "float.h"
#include "str.h"
#include "bytes.h"
#include "format.h"
#include "show.h"

#include "list.h"
#include "tuple.h"
#include "dict.h"
#include "set.h"
#include "range.h"
#include "iter.h"

#include "func.h"
#include "object.h"
#include "module.h"
#include "prompt.h"

#include "code.h"
// clang-format on

#endif
