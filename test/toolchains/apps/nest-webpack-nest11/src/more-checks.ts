export { bundleChecks as moreChecks } from './bundle-checks';
