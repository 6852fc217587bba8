export { type Binding } from "./binding.js";
export { type Reason, reasons } from "./reasons.js";
export { awsRoot } from "./root.js";
export { type Check, type Claims, type Conclusion, type Policy, toJson, verify } from "./verify.js";
