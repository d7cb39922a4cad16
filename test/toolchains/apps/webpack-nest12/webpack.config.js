const TerserPlugin = require('terser-webpack-plugin');
const { IgnorePlugin } = require('webpack');

// What Nest loads only where it is installed.
const OPTIONAL =
  /^(@nestjs\/(microservices|websockets|platform-fastify)|class-(validator|transformer)|@fastify\/.*)(\/|$)/;

module.exports = {
  mode: 'production',
  target: 'node20',
  entry: { main: './src/main.ts', 'pool.worker': './src/pool.worker.ts' },
  output: { filename: '[name].js', clean: true },
  resolve: { extensions: ['.ts', '.js'] },
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader' }] },
  plugins: [new IgnorePlugin({ resourceRegExp: OPTIONAL })],
  // Tasks and errors go by the names of their classes.
  optimization: { minimizer: [new TerserPlugin({ terserOptions: { keep_classnames: true } })] },
};
