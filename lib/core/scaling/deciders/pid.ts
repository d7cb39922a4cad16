/** Options of the controller; see `PidSpec`. */
export interface PidOptions {
  readonly setpoint: number;
  readonly kp: number;
  readonly ki: number;
  readonly kd: number;
  readonly integralLimit: number;
  readonly derivativeMs: number;
}

/**
 * A PID controller: error, its integral and its rate of change, weighed. The error is measured - setpoint, so that a
 * measurement above the set-point asks for more. Times of gains are seconds. D4; S0 B12; S1 T16.
 *
 * Against windup the integral stands still while the actuator is saturated in the direction of the error, and its part of
 * the output is clamped all the same. The derivative goes through a first-order low-pass, since noise is all that a bare
 * one would see. K. J. Åström and R. M. Murray, "Feedback Systems", 2nd ed. 2020, ch. 11.
 */
export class Pid {
  readonly #options: PidOptions;
  #integral = 0;
  #slope = 0;
  #last: { readonly error: number; readonly at: number } | null = null;

  constructor(options: PidOptions) {
    this.#options = options;
  }

  /** The integral's part of the output. */
  get integralPart(): number {
    return this.#options.ki * this.#integral;
  }

  /** @param saturated the direction in which the actuator can go no further: 1 up, -1 down, 0 neither */
  step(measured: number, now: number, saturated: -1 | 0 | 1 = 0): number {
    const { setpoint, kp, ki, kd, integralLimit, derivativeMs } = this.#options;
    const error = measured - setpoint;
    const dt = this.#last === null ? 0 : (now - this.#last.at) / 1_000;
    if (this.#last !== null && dt > 0) {
      if (ki > 0 && saturated * error <= 0) {
        const limit = integralLimit / ki;
        this.#integral = Math.max(-limit, Math.min(limit, this.#integral + error * dt));
      }
      const weight = dt / (derivativeMs / 1_000 + dt);
      this.#slope += weight * ((error - this.#last.error) / dt - this.#slope);
    }
    if (this.#last === null || dt > 0) this.#last = { error, at: now };
    return kp * error + this.integralPart + kd * this.#slope;
  }
}
