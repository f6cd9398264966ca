// Has the memory that every run touches brought in with few page faults. A page touched for the
// first time costs one: a quarter of a microsecond on a bare machine, up to fifteen on a virtual
// one, and `tombo run` of a single line touches three hundred pages, which is most of its time.
#ifndef WARM_H
#define WARM_H

// To be called once, before the first allocation of memory. Does what the system allows, and
// reports nothing: without it everything works as well, only later.
void warm_up(void);

#endif
