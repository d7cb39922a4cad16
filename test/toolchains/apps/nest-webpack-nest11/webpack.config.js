// The configuration of `nest build`, with the worker's file as a second bundle.
module.exports = (options) => ({
  ...options,
  entry: { main: options.entry, 'pool.worker': './src/pool.worker.ts' },
  output: { ...options.output, filename: '[name].js' },
});
