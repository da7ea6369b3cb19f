/** The selection after a click on a task, as lists have it. @param order - tasks as they are shown */
export function selectTask(
  selected: readonly number[],
  task: number,
  { add, range }: { readonly add: boolean; readonly range: boolean },
  order: readonly number[],
): readonly number[] {
  const last = selected.at(-1);
  if (range && last !== undefined) {
    const [from, to] = [order.indexOf(last), order.indexOf(task)].sort((a, b) => a - b);
    if (from !== undefined && to !== undefined && from >= 0)
      return [...new Set([...selected, ...order.slice(from, to + 1)])];
  }
  if (!add) return [task];
  return selected.includes(task) ? selected.filter((each) => each !== task) : [...selected, task];
}
