export { hasMetricListeners, type Metric, onMetric, recordMetric } from "@tsjango/kernel/metrics";
