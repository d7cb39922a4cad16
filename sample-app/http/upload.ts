import { MulterModule } from '@nestjs/platform-express';
import { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';

/** What a controller needs of a file uploaded as multipart form data. */
export interface Upload {
  readonly originalname: string;
  readonly buffer: Buffer;
}

/** Keeps uploads in memory, one file a request; a larger file than configured is a 413. */
export const UploadModule = MulterModule.registerAsync({
  imports: [ConfigModule],
  inject: [AppConfig],
  useFactory: (config: AppConfig) => ({ limits: { files: 1, fileSize: config.maxUploadBytes } }),
});

/** The request body of an upload, for the API description. */
export const UPLOAD_BODY = {
  schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
};
