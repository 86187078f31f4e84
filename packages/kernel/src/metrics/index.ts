/** One measurement, in the words of OpenTelemetry's semantic conventions. */
export interface Metric {
  /** `"http.server.request.duration"`. */
  readonly name: string;
  /** A counter's value is added, a histogram's is one of many, a gauge's replaces the last. */
  readonly kind: "counter" | "histogram" | "gauge";
  readonly value: number;
  /** As UCUM writes it: `"s"`, `"By"`, `"{request}"`. */
  readonly unit: string;
  /** What it is counted by; few different values each. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined;
}

type Listener = (metric: Metric) => void;

const listeners = new Set<Listener>();

/**
 * Receives every measurement until the function it returns is called. Listeners run where the measurement is made: they
 * hand it on and come back. What one throws is dropped with a warning of the process.
 * @example
 * const stop = onMetric(({ name, value, attributes }) => meters.get(name)?.record(value, attributes));
 */
export function onMetric(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Whether anybody listens; asked before a measurement is made that costs something. */
export function hasMetricListeners(): boolean {
  return listeners.size > 0;
}

/** Tells all listeners. */
export function recordMetric(metric: Metric): void {
  for (const listener of listeners) {
    try {
      listener(metric);
    } catch (error) {
      process.emitWarning(`A listener of metrics failed at ${metric.name}: ${String(error)}`);
    }
  }
}
