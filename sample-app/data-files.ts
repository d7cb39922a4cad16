import { fileURLToPath } from 'node:url';

/** The sample files stay in the source tree; this file runs from dist/sample-app. */
const sample = (name: string) => fileURLToPath(new URL(`../../sample-app/data/${name}`, import.meta.url));

export const SAMPLE_IMAGE = sample('sample.jpg');
export const SAMPLE_TABLES = [sample('azure_functions_2019_60s.csv'), sample('azure_llm_2023_conv_1s.csv')] as const;
