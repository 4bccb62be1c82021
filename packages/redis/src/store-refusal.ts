/** The store cannot take a write now, for a reason of this process; what was to be written was not sent. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
