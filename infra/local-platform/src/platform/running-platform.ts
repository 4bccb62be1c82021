export interface EngineInUse {
  /** configured: a configuration of the user's own says which. none: only clouds, or nothing. */
  readonly kind: 'found' | 'simulated' | 'configured' | 'none';
  readonly url: string | undefined;
  /** In words. */
  readonly detail: string;
}

export interface ChildStatus {
  readonly name: string;
  /** 0 while it is not running. */
  readonly pid: number;
  readonly alive: boolean;
}

/** A platform that accepts jobs. */
export interface RunningPlatform {
  readonly apiUrl: string;
  /** The development key; undefined when a configuration of the user's own names the keys. */
  readonly apiKey: string | undefined;
  readonly apiKeyIsNew: boolean;
  readonly credentialsPath: string | undefined;
  readonly redisUrl: string;
  readonly configPath: string;
  readonly logsDir: string;
  readonly engine: EngineInUse;
  /** Ids of the cloud backends at the start. */
  readonly clouds: readonly string[];
  children(): readonly ChildStatus[];
  /** Sends a signal to a child by its name; false when it is not running. It is started again when it ends. */
  kill(name: string, signal: NodeJS.Signals): boolean;
  /** Drains the services, then ends the simulated engine, then Redis; leaves nothing running. */
  stop(): Promise<void>;
}
