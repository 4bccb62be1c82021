export { parseEnvironment } from './environment/parse-environment.ts';
export {
  portSchema,
  serviceEnvironmentSchema,
  type ServiceEnvironment,
} from './environment/service-environment.ts';
export { storeOptions } from './environment/store-options.ts';
export { viewOfCell } from './config/cell-view.ts';
export {
  createLogger,
  LOG_LEVELS,
  type LogEvent,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logging/logger.ts';
export { formatPretty } from './logging/format-pretty.ts';
export { parseConfig, type LoadedConfig } from './config/parse-config.ts';
export {
  openConfigStore,
  type ConfigListener,
  type ConfigStore,
  type ConfigStoreOptions,
} from './config/config-store.ts';
export { createMetrics, type Counter, type Gauge, type Histogram, type Metrics } from './ops/metrics.ts';
export { ERROR_RATIOS } from './ops/error-ratios.ts';
export { registerOpsRoutes, type OpsRoutes, type Readiness } from './ops/routes.ts';
export { listen, type Listening } from './ops/listen.ts';
export { startOpsServer, type OpsServerOptions } from './ops/server.ts';
export { openService, type HostProcess, type Service } from './lifecycle/open-service.ts';
export { openCellService, type CellService } from './lifecycle/open-cell-service.ts';
export { boundShutdown, type EndingProcess } from './lifecycle/bound-shutdown.ts';
export { listenForShutdown, type SignalSource } from './lifecycle/listen-for-shutdown.ts';
export { failFast, type FailingProcess } from './lifecycle/fail-fast.ts';
export { endWithParent, type LeashedProcess } from './lifecycle/end-with-parent.ts';
export { createBackoff, type BackoffOptions } from './time/backoff.ts';
export { every, limitReports, type TaskFailure } from './time/every.ts';
export { wait } from './time/wait.ts';
export { createWakeUp, type WakeUp } from './time/wake-up.ts';
