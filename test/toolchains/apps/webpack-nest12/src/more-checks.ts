export { wholeBundleChecks as moreChecks } from './bundle-checks';
