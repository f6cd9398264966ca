#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B };
enum { FROM_DEVICE, WORK };

typedef struct Packet Packet;
struct Packet {
    Packet *link;
    long owner, kind, datum, data[4];
};

typedef struct Task Task;

typedef struct {
    Task *tasks[6], *first;
    long queued, held;
} Scheduler;

struct Task {
    Scheduler *scheduler;
    Task *(*work)(Task *, Packet *);
    Task *link;
    Packet *queue;
    long ident, priority;
    bool has_packet, is_waiting, is_held;
    long control, count, target; // of the idler and the worker
    Packet *to_do, *devices;     // of a handler
    Packet *pending;             // of a device
};

static Packet *packets(long owner, long kind, int count)
{
    Packet *queue = NULL;
    for (int i = 0; i < count; i++) {
        Packet *packet = calloc(1, sizeof *packet);
        packet->link = queue;
        packet->owner = owner;
        packet->kind = kind;
        queue = packet;
    }
    return queue;
}

static Packet *add_to(Packet *packet, Packet *queue)
{
    packet->link = NULL;
    if (!queue)
        return packet;
    Packet *last = queue;
    while (last->link)
        last = last->link;
    last->link = packet;
    return queue;
}

static void run(Scheduler *scheduler)
{
    for (Task *task = scheduler->first; task;) {
        if (task->is_held || (task->is_waiting && !task->has_packet)) {
            task = task->link;
            continue;
        }
        Packet *packet = NULL;
        if (task->is_waiting && task->has_packet) {
            packet = task->queue;
            task->queue = packet->link;
            task->is_waiting = false;
            task->has_packet = task->queue != NULL;
        }
        task = task->work(task, packet);
    }
}

static Task *wait_for_packet(Task *self)
{
    self->is_waiting = true;
    return self;
}

static Task *hold(Task *self)
{
    self->scheduler->held++;
    self->is_held = true;
    return self->link;
}

static Task *release(Task *self, long ident)
{
    Task *task = self->scheduler->tasks[ident];
    task->is_held = false;
    return task->priority > self->priority ? task : self;
}

static Task *receive(Task *self, Packet *packet, Task *sender)
{
    if (self->queue) {
        add_to(packet, self->queue);
        return sender;
    }
    self->queue = packet;
    self->has_packet = true;
    return self->priority > sender->priority ? self : sender;
}

static Task *send(Task *self, Packet *packet)
{
    Task *task = self->scheduler->tasks[packet->owner];
    self->scheduler->queued++;
    packet->link = NULL;
    packet->owner = self->ident;
    return receive(task, packet, self);
}

static Task *idle(Task *self, Packet *packet)
{
    (void)packet;
    if (--self->count == 0)
        return hold(self);
    if (self->control % 2 == 0) {
        self->control /= 2;
        return release(self, DEVICE_A);
    }
    self->control = self->control / 2 ^ 0xd008;
    return release(self, DEVICE_B);
}

static Task *do_work(Task *self, Packet *packet)
{
    if (!packet)
        return wait_for_packet(self);
    self->target = self->target == HANDLER_A ? HANDLER_B : HANDLER_A;
    packet->owner = self->target;
    packet->datum = 0;
    for (int i = 0; i < 4; i++) {
        self->count = self->count % 26 + 1;
        packet->data[i] = 64 + self->count;
    }
    return send(self, packet);
}

static Task *handle(Task *self, Packet *packet)
{
    if (packet) {
        Packet **queue = packet->kind == WORK ? &self->to_do : &self->devices;
        *queue = add_to(packet, *queue);
    }
    Packet *job = self->to_do, *device = self->devices;
    if (!job)
        return wait_for_packet(self);
    if (job->datum >= 4) {
        self->to_do = job->link;
        return send(self, job);
    }
    if (!device)
        return wait_for_packet(self);
    self->devices = device->link;
    device->datum = job->data[job->datum++];
    return send(self, device);
}

static Task *drive(Task *self, Packet *packet)
{
    if (packet) {
        self->pending = packet;
        return hold(self);
    }
    if (!self->pending)
        return wait_for_packet(self);
    packet = self->pending;
    self->pending = NULL;
    return send(self, packet);
}

static Task *add(Scheduler *scheduler, Task *(*work)(Task *, Packet *), long ident, long priority, Packet *queue)
{
    Task *task = calloc(1, sizeof *task);
    task->scheduler = scheduler;
    task->work = work;
    task->ident = ident;
    task->priority = priority;
    task->queue = queue;
    task->has_packet = task->is_waiting = queue != NULL;
    task->link = scheduler->first;
    scheduler->first = scheduler->tasks[ident] = task;
    return task;
}

static Scheduler simulate(long count)
{
    Scheduler scheduler = {0};
    Task *idler = add(&scheduler, idle, IDLE, 0, NULL);
    idler->control = 1;
    idler->count = count;
    add(&scheduler, do_work, WORKER, 1000, packets(WORKER, WORK, 2))->target = HANDLER_A;
    add(&scheduler, handle, HANDLER_A, 2000, packets(DEVICE_A, FROM_DEVICE, 3));
    add(&scheduler, handle, HANDLER_B, 3000, packets(DEVICE_B, FROM_DEVICE, 3));
    add(&scheduler, drive, DEVICE_A, 4000, NULL)->is_waiting = true;
    add(&scheduler, drive, DEVICE_B, 5000, NULL)->is_waiting = true;
    run(&scheduler);
    return scheduler;
}

int main(void)
{
    for (int i = 0; i < 30; i++) {
        Scheduler scheduler = simulate(10000 + i);
        if (i % 10 == 0)
            printf("%ld %ld\n", scheduler.queued, scheduler.held);
    }
    return 0;
}
