// Runs a platform of fakes in the folder given and says so; a test kills this process.
import { startPlatform } from '../platform/start-platform.ts';
import { fakeOptions } from './fake-platform.ts';

const platform = await startPlatform(fakeOptions(process.argv[2] ?? '', process.env['PATH']));
process.stdout.write(`${JSON.stringify(platform.children())}\n`);
