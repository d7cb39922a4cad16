import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { parentPort } from 'node:worker_threads';

@Module({})
class Nothing {}

await NestFactory.createApplicationContext(Nothing, { logger: false });
parentPort!.postMessage('ready');
parentPort!.on('message', () => undefined);
