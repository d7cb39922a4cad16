import {
  Controller,
  Get,
  NotFoundException,
  Param,
  ParseFilePipe,
  Post,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ClientGone } from '../http/client-gone.decorator.js';
import { type Upload, UPLOAD_BODY } from '../http/upload.js';
import type { Report, ReportSummary } from './report.js';
import { ReportsRepository } from './reports.repository.js';
import { ReportsService } from './reports.service.js';

@ApiTags('reports')
@Controller('reports')
export class ReportsController {
  constructor(
    private readonly service: ReportsService,
    private readonly reports: ReportsRepository,
  ) {}

  @Post()
  @UseInterceptors(FileInterceptor('file'))
  @ApiOperation({ summary: 'Describes every column of a CSV and keeps the report' })
  @ApiConsumes('multipart/form-data')
  @ApiBody(UPLOAD_BODY)
  @ApiCreatedResponse({ description: 'The report, with its id' })
  create(@UploadedFile(new ParseFilePipe()) file: Upload, @ClientGone() clientGone: AbortSignal): Promise<Report> {
    return this.service.create(file.originalname, file.buffer, clientGone);
  }

  // Reading one row is quick, so these stay on the main thread, with a connection of its own.
  @Get()
  @ApiOperation({ summary: 'Lists the newest reports' })
  @ApiOkResponse({ description: 'At most 50 reports, without their columns' })
  list(): ReportSummary[] {
    return this.reports.list();
  }

  @Get(':id')
  @ApiOperation({ summary: 'Reads a report back' })
  @ApiOkResponse({ description: 'The report' })
  @ApiNotFoundResponse({ description: 'There is no such report, or it was cleaned up' })
  find(@Param('id') id: string): Report {
    const report = this.reports.find(id);
    if (!report) throw new NotFoundException(`There is no report ${id}.`);
    return report;
  }
}
