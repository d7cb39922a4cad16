const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};

module.exports = {
  testEnvironment: 'node',
  transform: { '\\.[jt]s$': ['@swc/jest', swc] },
  transformIgnorePatterns: ['/node_modules/(?!nestjs-dynamic-pool/)'],
  reporters: ['<rootDir>/line-reporter.js'],
};
