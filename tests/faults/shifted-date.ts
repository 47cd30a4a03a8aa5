// A wall clock that can jump: for clocks alone, faults are not real ones. Page and server each have theirs.

let offsetMs = 0;

/** From now on `Date` tells a time that is `milliseconds` away from the true one. */
export function shiftDate(milliseconds: number): void {
  offsetMs = milliseconds;
}

/** Replaces this realm's `Date`. Comes before any code that keeps `Date.now` for itself. */
export function installShiftedDate(): void {
  const TrueDate = Date;
  globalThis.Date = new Proxy(TrueDate, {
    construct(target, args: [], newTarget) {
      const given: unknown[] = args.length === 0 ? [target.now() + offsetMs] : args;
      return Reflect.construct(target, given, newTarget) as Date;
    },
    apply: (target) => new target(target.now() + offsetMs).toString(),
    get(target, name, receiver) {
      if (name === 'now') return shiftedNow;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  function shiftedNow(): number {
    return TrueDate.now() + offsetMs;
  }
}
