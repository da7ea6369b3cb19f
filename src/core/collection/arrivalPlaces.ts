/** Files on their way from one source into the directories of tasks. */
export class Arrival {
  private readonly abort = new AbortController();
  private settle: () => void = () => undefined;
  /** Resolves when nothing comes any more. */
  readonly over = new Promise<void>((resolve) => (this.settle = resolve));

  constructor(
    readonly source: string,
    readonly tasks: ReadonlySet<number>,
  ) {}

  /** Aborts when one of the directories is needed for an attempt that ran elsewhere. */
  get calledOff(): AbortSignal {
    return this.abort.signal;
  }

  callOff(): void {
    this.abort.abort(new Error(`Files from ${this.source} come later: their task went on elsewhere.`));
  }

  end(): void {
    this.settle();
  }
}

/** From where files come into the tasks' directories just now: never from two sources into one. */
export class ArrivalPlaces {
  private readonly arrivals = new Set<Arrival>();

  /** @returns what may come: of the tasks those into whose directories nothing comes from another source; {@link leave} it */
  enter(source: string, tasks: readonly number[]): Arrival {
    const others = [...this.arrivals].filter((arrival) => arrival.source !== source);
    const free = tasks.filter((task) => !others.some((other) => other.tasks.has(task)));
    const arrival = new Arrival(source, new Set(free));
    this.arrivals.add(arrival);
    return arrival;
  }

  /** Whether files come from there into the directory of the task's present attempt. */
  isComing(source: string, task: number): boolean {
    return [...this.arrivals].some((arrival) => arrival.source === source && arrival.tasks.has(task));
  }

  leave(arrival: Arrival): void {
    this.arrivals.delete(arrival);
    arrival.end();
  }

  /** Calls off what is on its way from sources at which one of its tasks is not any more. */
  callOffUnless(isAt: (source: string, task: number) => boolean): void {
    for (const arrival of this.arrivals)
      if ([...arrival.tasks].some((task) => !isAt(arrival.source, task))) arrival.callOff();
  }

  /** Keeps what is on its way from coming into the directories of these tasks. Resolves when nothing does any more. */
  async callOff(tasks: readonly number[]): Promise<void> {
    const inTheWay = [...this.arrivals].filter((arrival) => tasks.some((task) => arrival.tasks.has(task)));
    for (const arrival of inTheWay) arrival.callOff();
    await Promise.all(inTheWay.map(({ over }) => over));
  }
}
