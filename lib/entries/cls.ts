/** The store of nestjs-cls goes along with calls into workers: `nestjs-dynamic-pool/cls`. */
export { ClsCarrier, type CapturedCls, type ClsCarrierOptions } from '../adapters/cls-carrier.js';
