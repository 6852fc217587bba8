// node compare.mjs DRIVER COUNT SEED
import { compareMethods, compareTypes } from './abi.mjs';
import { openDriver } from './driver.mjs';
import { makeRandom } from './random.mjs';
import { compareTransactions } from './transactions.mjs';

const [path, count, seed] = process.argv.slice(2);
const random = makeRandom(seed);
const driver = openDriver(path);
console.log('methods:', await compareMethods(random, driver, Math.ceil(count / 100)));
console.log('types:', await compareTypes(random, driver, Number(count)));
console.log('transactions:', await compareTransactions(random, driver, Number(count)));
driver.close();
