/**
 * A job in whose hands this many workers or engines died is given up: it may be what kills them. Three, because two
 * may be chance (one bad deployment kills every worker twice), and each more costs everybody beside it an attempt.
 */
export const MAX_RESCUES = 3;

/** Whether one more death would give the job up; such a job runs beside no other of its kind. */
export const isLastChance = (rescues: number, maxRescues: number): boolean => rescues >= maxRescues - 1;
