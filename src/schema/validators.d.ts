// Generated from schemas/ by `npm run generate`. Do not edit.
import type { ErrorObject } from 'ajv';

export interface Validator {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}
export declare const validate_config: Validator;
export declare const validate_included: Validator;
export declare const validate_manifest: Validator;
export declare const validate_numbers: Validator;
export declare const validate_pipeline: Validator;
export declare const validate_plot: Validator;
export declare const validate_record: Validator;
export declare const validate_stage: Validator;
