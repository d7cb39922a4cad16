import { Get, Inject, Injectable, Req, Res } from '@nestjs/common';
import type { ResolvedAdminOptions } from '../admin-options.js';
import { Answers } from './answers.js';
import { askedUrl, header, rawRequest } from './http-parts.js';
import { PageFiles, type PageFileName } from './page-files.js';
import { refused } from './refused.js';
import { ADMIN_OPTIONS } from './tokens.js';

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/** `GET /pools/ui`: a shell without data, open to everybody; what it shows it fetches with a token. */
@Injectable()
export class PageController {
  constructor(
    @Inject(ADMIN_OPTIONS) readonly options: Pick<ResolvedAdminOptions, 'ui'>,
    @Inject(Answers) readonly answers: Answers,
    @Inject(PageFiles) readonly files: PageFiles,
  ) {}

  @Get()
  async page(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    if (askedUrl(rawRequest(request)).path.endsWith('/')) {
      // Express routes this here as well, and the page finds its files relative to the path without the slash.
      return this.answers.text(response, '', 308, { ...HEADERS, Location: '../ui' });
    }
    return this.#file('index.html', request, response);
  }

  @Get('app.js')
  script(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.#file('app.js', request, response);
  }

  @Get('app.css')
  style(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.#file('app.css', request, response);
  }

  async #file(name: PageFileName, request: unknown, response: unknown): Promise<void> {
    if (!this.options.ui) throw refused(404, 'the page is switched off (ui: false).');
    const { text, type, etag } = await this.files.get(name);
    const asked = header(rawRequest(request), 'if-none-match') ?? '';
    const isKnown = asked.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
    const headers = { ...HEADERS, 'Content-Type': type, ETag: etag };
    this.answers.text(response, isKnown ? '' : text, isKnown ? 304 : 200, headers);
  }
}
