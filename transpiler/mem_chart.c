// The heap of a program over time as an SVG picture that stands alone: a filled line, four grid
// lines with sizes, the time below.

#include "mem.h"

#include <errno.h>
#include <stdio.h>

enum {
    WIDTH = 860,
    HEIGHT = 360,
    LEFT = 90, // room for the sizes
    RIGHT = 20,
    TOP = 50, // for the title
    BOTTOM = 45,
    GRID_LINES = 4
};

typedef struct Chart {
    FILE *out;
    const Report *report;
    int64_t time; // the last sample's, at least 1
    int64_t most; // the top of the chart in bytes
} Chart;

// The smallest of 1, 2, 4, 8 … grid lines' worth of KiB that leaves nothing above the chart.
static int64_t top_of(int64_t most)
{
    int64_t top = GRID_LINES << 10;
    while (top < most)
        top = top / 2 * 3 >= most && top % 2 == 0 ? top / 2 * 3 : top * 2;
    return top;
}

static double x_of(const Chart *chart, int64_t ns)
{
    return LEFT + (double)(WIDTH - LEFT - RIGHT) * (double)ns / (double)chart->time;
}

static double y_of(const Chart *chart, int64_t size)
{
    return HEIGHT - BOTTOM - (double)(HEIGHT - TOP - BOTTOM) * (double)size / (double)chart->most;
}

static void put_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else
            fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
    }
}

static void put_grid(const Chart *chart)
{
    for (int i = 0; i <= GRID_LINES; i++) {
        NumberText text;
        int64_t size = chart->most / GRID_LINES * i;
        double y = y_of(chart, size);
        fprintf(chart->out, "<path d='M%d %.1fH%d' stroke='#ddd'/>\n", LEFT, y, WIDTH - RIGHT);
        fprintf(chart->out, "<text x='%d' y='%.1f' text-anchor='end'>%s</text>\n", LEFT - 8, y + 4,
                kinds_size(size, &text));
    }
}

static void put_times(const Chart *chart)
{
    for (int i = 0; i <= GRID_LINES; i++) {
        int64_t ns = chart->time / GRID_LINES * i;
        const char *anchor = i == GRID_LINES ? "end" : "middle";
        fprintf(chart->out, "<text x='%.1f' y='%d' text-anchor='%s'>", x_of(chart, ns),
                HEIGHT - BOTTOM + 20, anchor);
        if (chart->time < 1000000000)
            fprintf(chart->out, "%.1f ms</text>\n", (double)ns * 1e-6);
        else
            fprintf(chart->out, "%.2f s</text>\n", (double)ns * 1e-9);
    }
}

static void put_line(const Chart *chart)
{
    const Report *report = chart->report;
    fprintf(chart->out, "<path fill='#9cc4e8' stroke='#2a6fa8' d='M%d %d", LEFT, HEIGHT - BOTTOM);
    for (int i = 0; i < report->samples.count; i++)
        fprintf(chart->out, "L%.1f %.1f", x_of(chart, report->samples.items[i].ns),
                y_of(chart, report->samples.items[i].used));
    fprintf(chart->out, "L%d %dZ'/>\n", WIDTH - RIGHT, HEIGHT - BOTTOM);
}

static void put_chart(const Chart *chart, const char *program)
{
    NumberText live;
    fprintf(chart->out,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
            "font-family='sans-serif' font-size='12'>\n"
            "<rect width='100%%' height='100%%' fill='white'/>\n",
            WIDTH, HEIGHT);
    fprintf(chart->out, "<text x='%d' y='25' font-size='16'>Heap of ", LEFT);
    put_escaped(chart->out, program);
    fprintf(chart->out, " over processor time: %s live at the end</text>\n",
            kinds_size(chart->report->live, &live));
    put_grid(chart);
    put_line(chart);
    put_times(chart);
    fprintf(chart->out, "</svg>\n");
}

bool mem_write_chart(const Report *report, const char *program, const char *path)
{
    Chart chart = {.report = report, .time = 1};
    int64_t most = 0;
    for (int i = 0; i < report->samples.count; i++) {
        const HeapSample *sample = &report->samples.items[i];
        if (sample->used > most) most = sample->used;
        if (sample->ns > chart.time) chart.time = sample->ns;
    }
    chart.most = top_of(most);
    chart.out = fopen(path, "we");
    if (!chart.out) return false;
    put_chart(&chart, program);
    bool is_bad = ferror(chart.out) != 0;
    return fclose(chart.out) == 0 && !is_bad;
}
