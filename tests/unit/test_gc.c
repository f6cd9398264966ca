// Memory: what blocks hold, what survives a collection, what happens at the limit.
#include "containers.h"

START_TEST(scanned_blocks_come_zeroed)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 512, 513, 4096, 100000};
    for (int i = 0; i < COUNT(sizes); i++)
        for (int round = 0; round < 100; round++) {
            char *block = tb_alloc(sizes[i]);
            ck_assert_ptr_nonnull(block);
            ck_assert_uint_ge(tb_gc_block_size(block), sizes[i]);
            size_t set = 0;
            for (size_t at = 0; at < sizes[i]; at++)
                set += block[at] != 0;
            ck_assert_uint_eq(set, 0);
            memset(block, 0x55, sizes[i]);
            if (round % 2) tb_free(block);
        }
}
END_TEST

// A list of blocks, each held only by the tagged pointer in the one before it.
typedef struct link {
    tb_value next;
    int64_t number;
} link;

START_TEST(tagged_pointers_keep_blocks)
{
    tb_value first = TB_NONE_VALUE;
    for (int64_t i = 0; i < 20000; i++) {
        link *l = tb_alloc_fast(sizeof *l);
        l->next = first;
        l->number = i;
        first = TB_OBJECT(l);
        memset(tb_alloc_plain_fast(sizeof *l), 0xff, sizeof *l);
    }
    size_t before = tb_gc_collection_count();
    tb_gc_collect();
    for (int i = 0; i < 50000; i++)
        memset(tb_alloc_fast(sizeof(link)), 0xff, sizeof(link));
    for (int64_t i = 20000; i-- > 0; first = TB_PTR(link, first)->next)
        ck_assert_int_eq(TB_PTR(link, first)->number, i);
#ifndef TB_GC_MALLOC
    ck_assert_uint_gt(tb_gc_collection_count(), before);
#else
    ck_assert_uint_eq(tb_gc_collection_count(), before);
#endif
}
END_TEST

START_TEST(resizing_keeps_the_content)
{
    for (int plain = 0; plain < 2; plain++) {
        size_t size = 0;
        unsigned char *block = NULL;
        for (size_t next = 1; next < 100000; size = next, next = next * 3 / 2 + 1) {
            block = tb_resize(block, size, next, plain);
            size_t wrong = 0;
            for (size_t at = 0; at < size; at++)
                wrong += block[at] != at % 251;
            for (size_t at = size; at < next; at++) {
                wrong += !plain && block[at] != 0;
                block[at] = (unsigned char)(at % 251);
            }
            ck_assert_uint_eq(wrong, 0);
        }
        block = tb_resize(block, size, 10, plain);
        ck_assert_int_eq(block[9], 9);
    }
}
END_TEST

// Large buffers begin anywhere in their first page, and still keep their block.
START_TEST(buffers_of_items_keep_their_blocks)
{
    enum { ROWS = 300 };
    static const size_t sizes[] = {1600, 2048, 2400, 4096, 10000};
    int64_t **rows = tb_alloc(ROWS * sizeof *rows);
    for (int round = 0; round < COUNT(sizes); round++) {
        size_t old_size = round ? sizes[round - 1] : 0, size = sizes[round];
        for (int i = 0; i < ROWS; i++) {
            rows[i] = tb_resize_items(rows[i], old_size, size, i % 2);
            ck_assert_int_eq(round ? rows[i][old_size / sizeof(int64_t) - 1] : i, i);
            rows[i][size / sizeof(int64_t) - 1] = i;
        }
        tb_gc_collect();
        for (int i = 0; i < ROWS; i++)
            memset(tb_alloc_plain(size), 0xff, size);
    }
    for (int i = 0; i < ROWS; i++)
        tb_free_items(rows[i], 10000, i % 2);
}
END_TEST

// Blocks that were given back must not be handed out again by a list older than a collection that
// reused their page.
START_TEST(blocks_given_back_do_not_come_twice)
{
    static const int64_t count = 100000;
    for (int round = 0; round < 4; round++) {
        tb_value *kept = tb_alloc((size_t)count * sizeof *kept);
        for (int64_t i = 0; i < count; i++) {
            int64_t *number = tb_alloc_plain(32);
            *number = i;
            kept[i] = TB_OBJECT(number);
            tb_free(tb_alloc_plain(16));
            if (i % 10000 == 0) tb_gc_collect();
        }
        int64_t wrong = 0;
        for (int64_t i = 0; i < count; i++)
            wrong += *TB_PTR(int64_t, kept[i]) != i;
        ck_assert_int_eq(wrong, 0);
    }
}
END_TEST

START_TEST(garbage_does_not_make_the_heap_grow)
{
    static const int64_t size = 1000;
    size_t before = tb_gc_used_size();
    for (int i = 0; i < 200000; i++)
        memset(tb_alloc_plain(size), 1, size);
#ifndef TB_GC_MALLOC
    ck_assert_uint_lt(tb_gc_used_size(), before + ((size_t)30 << 20));
#else
    ck_assert_uint_gt(tb_gc_used_size(), before);
#endif
}
END_TEST

START_TEST(sizes_are_checked)
{
    size_t size;
    ck_assert_int_eq(tb_size_mul(10, 8, 24, &size), 0);
    ck_assert_uint_eq(size, 104);
    ck_assert_int_eq(tb_size_mul(SIZE_MAX / 8, 16, 0, &size), -1);
    caught(&tb_error_memory);
    ck_assert_int_eq(tb_size_mul(1, SIZE_MAX, 1, &size), -1);
    caught(&tb_error_memory);
    ck_assert_int_eq(tb_size_mul(1, (size_t)PTRDIFF_MAX, 1, &size), -1);
    caught(&tb_error_memory);
    ck_assert_ptr_null(tb_alloc_plain((size_t)PTRDIFF_MAX));
    caught(&tb_error_memory);
}
END_TEST

// Makes a chain of blocks until there is no room, and drops it.
static __attribute__((noinline)) int64_t fill_the_heap(size_t size)
{
    int64_t count = 0;
    void **last = NULL;
    for (void **block; (block = tb_alloc(size)) != NULL; last = block, count++)
        *block = last;
    return count;
}

START_TEST(a_full_heap_is_an_error_that_passes)
{
    size_t limit = tb_rt.heap.limit;
    tb_rt.heap.limit = tb_gc_used_size() + ((size_t)16 << 20);
    tb_rt.heap.is_limit_settled = 1;
    static const size_t sizes[] = {64, 4000, 300000};
    for (int i = 0; i < COUNT(sizes); i++) {
        ck_assert_int_gt(fill_the_heap(sizes[i]), (12 << 20) / (int64_t)sizes[i] * 3 / 4);
        caught(&tb_error_memory);
#ifdef TB_GC_MALLOC
        break; // nothing is ever given back
#endif
    }
    tb_rt.heap.limit = limit;
}
END_TEST

Suite *gc_suite(void)
{
    Suite *suite = suite_create("gc");
    TCase *c = tcase_create("gc");
    tcase_add_checked_fixture(c, tb_gc_init, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, scanned_blocks_come_zeroed);
    tcase_add_test(c, tagged_pointers_keep_blocks);
    tcase_add_test(c, resizing_keeps_the_content);
    tcase_add_test(c, buffers_of_items_keep_their_blocks);
    tcase_add_test(c, blocks_given_back_do_not_come_twice);
    tcase_add_test(c, garbage_does_not_make_the_heap_grow);
    tcase_add_test(c, sizes_are_checked);
    tcase_add_test(c, a_full_heap_is_an_error_that_passes);
    suite_add_tcase(suite, c);
    return suite;
}
