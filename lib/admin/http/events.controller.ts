import { Get, Inject, Injectable, Req, Res } from '@nestjs/common';
import { LiveEvents } from '../live/live-events.js';
import { Answers } from './answers.js';
import { ForViewers } from './gates/needs.js';
import { header, rawRequest, takeResponse } from './http-parts.js';

/** `GET /pools/events`: what happens to the pools, as server-sent events. */
@Injectable()
export class EventsController {
  constructor(
    @Inject(LiveEvents) readonly live: LiveEvents,
    @Inject(Answers) readonly answers: Answers,
  ) {}

  @Get()
  @ForViewers()
  open(@Req() request: unknown, @Res() response: unknown): void {
    const raw = rawRequest(request);
    // A HEAD is routed here as well, and would hold a stream open that says nothing.
    if (raw.method === 'HEAD') return this.answers.text(response, '', 200, this.answers.headers(request));
    const stream = takeResponse(response);
    for (const [name, value] of Object.entries(this.answers.headers(request))) stream.setHeader(name, value);
    this.live.open(raw, stream, header(raw, 'last-event-id') ?? null);
  }
}
