/** Does a thing `count` times, `width` of them at once. */
export async function inParallel(width: number, count: number, task: () => Promise<unknown>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (left > 0) {
        left -= 1;
        await task();
      }
    }),
  );
}
