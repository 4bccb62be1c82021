export const LOCAL_BACKEND = 'gpu-0';
export const CLOUD_BACKEND = 'cloud-0';
/** Attempts at once on the local backend. */
export const SLOTS = 32;
