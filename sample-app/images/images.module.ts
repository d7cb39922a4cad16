import { Module } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { UploadModule } from '../http/upload.js';
import { ImagesController } from './images.controller.js';
import { ThumbnailService } from './thumbnail.service.js';

@Module({ imports: [ConfigModule, UploadModule], controllers: [ImagesController], providers: [ThumbnailService] })
export class ImagesModule {}
