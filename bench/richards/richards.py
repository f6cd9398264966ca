IDLE = 0
WORKER = 1
HANDLER_A = 2
HANDLER_B = 3
DEVICE_A = 4
DEVICE_B = 5

FROM_DEVICE = 0
WORK = 1


class Packet:
    def __init__(self, link, owner, kind):
        self.link = link
        self.owner = owner
        self.kind = kind
        self.datum = 0
        self.data = [0] * 4

    def add_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Scheduler:
    def __init__(self):
        self.tasks = [None] * 6
        self.first = None
        self.queued = 0
        self.held = 0

    def add(self, task):
        self.tasks[task.ident] = task
        task.link = self.first
        self.first = task

    def run(self):
        task = self.first
        while task is not None:
            task = task.link if task.must_wait() else task.take_turn()


class Task:
    def __init__(self, scheduler, ident, priority, queue):
        self.scheduler = scheduler
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.link = None
        self.has_packet = queue is not None
        self.is_waiting = queue is not None
        self.is_held = False
        scheduler.add(self)

    def must_wait(self):
        return self.is_held or (self.is_waiting and not self.has_packet)

    def take_turn(self):
        packet = None
        if self.is_waiting and self.has_packet:
            packet = self.queue
            self.queue = packet.link
            self.is_waiting = False
            self.has_packet = self.queue is not None
        return self.work(packet)

    def wait(self):
        self.is_waiting = True
        return self

    def hold(self):
        self.scheduler.held += 1
        self.is_held = True
        return self.link

    def release(self, ident):
        task = self.scheduler.tasks[ident]
        task.is_held = False
        return task if task.priority > self.priority else self

    def send(self, packet):
        task = self.scheduler.tasks[packet.owner]
        self.scheduler.queued += 1
        packet.link = None
        packet.owner = self.ident
        return task.receive(packet, self)

    def receive(self, packet, sender):
        if self.queue is None:
            self.queue = packet
            self.has_packet = True
            if self.priority > sender.priority:
                return self
        else:
            packet.add_to(self.queue)
        return sender


class Idler(Task):
    def __init__(self, scheduler, count):
        super().__init__(scheduler, IDLE, 0, None)
        self.control = 1
        self.count = count

    def work(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.hold()
        if self.control % 2 == 0:
            self.control = self.control // 2
            return self.release(DEVICE_A)
        self.control = self.control // 2 ^ 0xd008
        return self.release(DEVICE_B)


class Worker(Task):
    def __init__(self, scheduler, queue):
        super().__init__(scheduler, WORKER, 1000, queue)
        self.target = HANDLER_A
        self.count = 0

    def work(self, packet):
        if packet is None:
            return self.wait()
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.owner = self.target
        packet.datum = 0
        for i in range(4):
            self.count = self.count % 26 + 1
            packet.data[i] = 64 + self.count
        return self.send(packet)


class Handler(Task):
    def __init__(self, scheduler, ident, priority, queue):
        super().__init__(scheduler, ident, priority, queue)
        self.to_do = None
        self.devices = None

    def work(self, packet):
        if packet is not None:
            if packet.kind == WORK:
                self.to_do = packet.add_to(self.to_do)
            else:
                self.devices = packet.add_to(self.devices)
        job = self.to_do
        if job is not None:
            if job.datum >= 4:
                self.to_do = job.link
                return self.send(job)
            device = self.devices
            if device is not None:
                self.devices = device.link
                device.datum = job.data[job.datum]
                job.datum += 1
                return self.send(device)
        return self.wait()


class Device(Task):
    def __init__(self, scheduler, ident, priority):
        super().__init__(scheduler, ident, priority, None)
        self.is_waiting = True
        self.pending = None

    def work(self, packet):
        if packet is not None:
            self.pending = packet
            return self.hold()
        if self.pending is None:
            return self.wait()
        ready = self.pending
        self.pending = None
        return self.send(ready)


def packets(owner, kind, count):
    queue = None
    for i in range(count):
        queue = Packet(queue, owner, kind)
    return queue


def simulate(count):
    scheduler = Scheduler()
    Idler(scheduler, count)
    Worker(scheduler, packets(WORKER, WORK, 2))
    Handler(scheduler, HANDLER_A, 2000, packets(DEVICE_A, FROM_DEVICE, 3))
    Handler(scheduler, HANDLER_B, 3000, packets(DEVICE_B, FROM_DEVICE, 3))
    Device(scheduler, DEVICE_A, 4000)
    Device(scheduler, DEVICE_B, 5000)
    scheduler.run()
    return (scheduler.queued, scheduler.held)


for i in range(30):
    queued, held = simulate(10000 + i)
    if i % 10 == 0:
        print(queued, held)
