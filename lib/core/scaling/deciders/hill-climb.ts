/** Options of the search; see `HillClimbingSpec`. */
export interface HillClimbOptions {
  readonly bias: number;
  readonly maxWave: number;
  readonly maxPerSecond: number;
}

/** Samples to a wave: two with more workers, two with fewer. */
const PERIOD = 4;
/** Waves that are looked at. */
const HISTORY = 8 * PERIOD;
/** How far the wave in the sizes has to stand out of the noise in the throughput for a full move. */
const SIGNAL_TO_NOISE = 3;
/** Weight of a new estimate of the noise. */
const NOISE_WEIGHT = 0.01;
/** Bends the moves: small ones, which may be noise, become smaller. */
const GAIN_EXPONENT = 2;
/** A count of ended tasks is off by up to one for each other worker; a sample that is off by more than this goes on. */
const MAX_SAMPLE_ERROR = 0.15;
/** Workers; the most that a single sample moves. */
const MAX_PER_SAMPLE = 20;

interface Wave {
  readonly re: number;
  readonly im: number;
}

/**
 * Looks for the size at which throughput stops rising: it lets the size swing a little, as a square wave, and moves it
 * up when throughput swings along, down when it does not. `bias` is the relative rise that a worker has to be worth.
 *
 * The algorithm of the .NET thread pool, with its constants: E. Fuentes, "Applying control theory in the real world:
 * experience with building a controller for the .NET thread pool" (2009), and PortableThreadPool.HillClimbing in
 * dotnet/runtime. Left out: random lengths of the samples, since decisions shall be repeatable, and the look at the CPU,
 * which is a guard's.
 */
export class HillClimb {
  readonly #options: HillClimbOptions;
  readonly #throughputs = new Float64Array(HISTORY);
  readonly #sizes = new Float64Array(HISTORY);
  #samples = 0;
  #setting = 0;
  #size = 0;
  #noise = 0;
  #seconds = 0;
  #ended = 0;

  constructor(options: HillClimbOptions) {
    this.#options = options;
  }

  /** Forgets the sample under way, which is not like the others. */
  interrupt(): void {
    this.#seconds = this.#ended = 0;
  }

  /** Takes in what ended at this size in these seconds, and tells the size to try next. */
  update(size: number, seconds: number, ended: number, min: number, max: number): number {
    // Someone else may have changed the size.
    this.#setting += size - this.#size;
    this.#size = size;
    this.#seconds += seconds;
    this.#ended += ended;
    if (this.#samples > 0 && (size - 1) / this.#ended >= MAX_SAMPLE_ERROR) return size;

    const slot = this.#samples % HISTORY;
    this.#throughputs[slot] = this.#ended / this.#seconds;
    this.#sizes[slot] = size;
    this.#samples++;
    this.#setting += Math.min(this.#move() * this.#options.maxPerSecond * this.#seconds, MAX_PER_SAMPLE);
    this.interrupt();

    const swing = Math.floor(0.5 + this.#setting * this.#noise * SIGNAL_TO_NOISE * 2);
    const wave = Math.max(1, Math.min(swing, this.#options.maxWave));
    this.#setting = Math.max(min, Math.min(max - wave, this.#setting));
    const isUpper = Math.floor(this.#samples / (PERIOD / 2)) % 2 === 1;
    this.#size = Math.max(min, Math.min(max, Math.floor(this.#setting + (isUpper ? wave : 0))));
    return this.#size;
  }

  /** The direction, from -1 to 1, weighed by how far it can be told from noise. */
  #move(): number {
    // The first sample began before the search did. Only whole waves can be told from each other.
    const count = Math.floor(Math.min(this.#samples - 1, HISTORY) / PERIOD) * PERIOD;
    if (count <= PERIOD) return 0;
    const throughput = this.#mean(this.#throughputs, count);
    if (throughput <= 0) return 0;
    const response = this.#component(this.#throughputs, count, PERIOD, throughput);
    const above = this.#component(this.#throughputs, count, count / (count / PERIOD + 1), throughput);
    const below = this.#component(this.#throughputs, count, count / (count / PERIOD - 1), throughput);
    const noise = Math.max(Math.hypot(above.re, above.im), Math.hypot(below.re, below.im));
    this.#noise = this.#noise === 0 ? noise : NOISE_WEIGHT * noise + (1 - NOISE_WEIGHT) * this.#noise;

    const { re, im } = this.#component(this.#sizes, count, PERIOD, this.#mean(this.#sizes, count));
    const power = re * re + im * im;
    if (power === 0) return 0;
    // The real part of response / swing: what is not in step with the sizes did not come from them.
    const ratio = (response.re * re + response.im * im) / power - this.#options.bias;
    const strongest = Math.max(this.#noise, noise);
    const confidence = strongest > 0 ? Math.min(1, Math.sqrt(power) / strongest / SIGNAL_TO_NOISE) : 1;
    const move = Math.max(-1, Math.min(1, ratio)) * confidence;
    return Math.sign(move) * Math.abs(move) ** GAIN_EXPONENT;
  }

  #at(values: Float64Array, count: number, index: number): number {
    return values[(this.#samples - count + index) % HISTORY]!;
  }

  #mean(values: Float64Array, count: number): number {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += this.#at(values, count, index);
    return sum / count;
  }

  /** The part of the last `count` values that swings with this period, by Goertzel's algorithm, relative to `mean`. */
  #component(values: Float64Array, count: number, period: number, mean: number): Wave {
    const angle = (2 * Math.PI) / period;
    const cos = Math.cos(angle);
    let [last, before] = [0, 0];
    for (let index = 0; index < count; index++) {
      [last, before] = [2 * cos * last - before + this.#at(values, count, index), last];
    }
    const scale = 1 / (count * mean);
    return { re: (last - before * cos) * scale, im: before * Math.sin(angle) * scale };
  }
}
