import { BadRequestException, Controller, Get, Param } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RatesService, type Rate } from './rates.service.js';

@ApiTags('rates')
@Controller('rates')
export class RatesController {
  constructor(private readonly rates: RatesService) {}

  @Get(':currency')
  @ApiOperation({ summary: 'What a currency costs, by a client that blocks its thread for 50 ms' })
  @ApiOkResponse({ description: 'Units of the currency for one euro' })
  @ApiNotFoundResponse({ description: 'A currency that is not traded' })
  lookUp(@Param('currency') currency: string): Promise<Rate> {
    if (/^[A-Z]{3}$/.test(currency)) return this.rates.lookUp(currency);
    throw new BadRequestException(`currency must be three capital letters, got "${currency}".`);
  }
}
