const typescript = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src'],
  // nestjs-dynamic-pool is made of ES modules, which jest does not load with require(): they are transformed as well.
  transform: { '\\.[jt]s$': ['@swc/jest', typescript] },
  transformIgnorePatterns: ['/node_modules/(?!nestjs-dynamic-pool/)'],
  reporters: ['<rootDir>/line-reporter.js'],
};
