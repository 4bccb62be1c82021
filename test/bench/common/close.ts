/** For whatever a benchmark opens and its stack closes. */
export const close = (open: { close(): Promise<void> }): Promise<void> => open.close();
