import {
  Controller,
  HttpCode,
  ParseFilePipe,
  Post,
  Query,
  StreamableFile,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { BoundedIntPipe } from '../http/bounded-int.pipe.js';
import { ClientGone } from '../http/client-gone.decorator.js';
import { type Upload, UPLOAD_BODY } from '../http/upload.js';
import { ThumbnailService } from './thumbnail.service.js';

const WIDTH = { name: 'width', min: 16, max: 1024, default: 320 };
const HEIGHT = { name: 'height', min: 16, max: 1024, default: 240 };

@ApiTags('images')
@Controller('images')
export class ImagesController {
  constructor(private readonly thumbnails: ThumbnailService) {}

  @Post('thumbnail')
  @HttpCode(200)
  @UseInterceptors(FileInterceptor('file'))
  @ApiOperation({ summary: 'Scales a PNG or JPEG down to fit into width x height' })
  @ApiConsumes('multipart/form-data')
  @ApiProduces('image/png', 'image/jpeg')
  @ApiBody(UPLOAD_BODY)
  @ApiQuery({ ...bounds(WIDTH), name: 'width' })
  @ApiQuery({ ...bounds(HEIGHT), name: 'height' })
  @ApiOkResponse({ description: 'The thumbnail, in the format of the upload' })
  async thumbnail(
    @UploadedFile(new ParseFilePipe()) file: Upload,
    @Query('width', new BoundedIntPipe(WIDTH)) width: number,
    @Query('height', new BoundedIntPipe(HEIGHT)) height: number,
    @ClientGone() clientGone: AbortSignal,
  ): Promise<StreamableFile> {
    const { image, type } = await this.thumbnails.resize(file.buffer, width, height, clientGone);
    return new StreamableFile(image, { type, length: image.length });
  }
}

function bounds({ min, max, default: value }: typeof WIDTH) {
  return { required: false, schema: { type: 'integer' as const, minimum: min, maximum: max, default: value } };
}
