/**
 * The queue M/M/c: Poisson arrivals, `servers` servers, exponential service times. `load` is the offered load in
 * erlangs, arrival rate x mean service time; times are in units of the mean service time, so that nothing here has one.
 *
 * All of it rests on Erlang's B by its recursion, B(0) = 1, B(k) = load B(k-1) / (k + load B(k-1)): every term lies
 * between 0 and 1, so that there are no factorials to overflow and no differences to cancel, at 1,024 servers as at one.
 * A. K. Erlang, "Solution of some problems in the theory of probabilities", 1917; the recursion as in R. B. Cooper,
 * "Introduction to Queueing Theory", 2nd ed. 1981, ch. 3.
 */

/** Share of arrivals that find all servers busy where nothing can wait (M/M/c/c). */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (load * blocked) / (k + load * blocked);
  return blocked;
}

/** Share of arrivals that have to wait: 1 where the load is not less than the servers. */
export function erlangC(servers: number, load: number): number {
  return waitingShare(servers, load, erlangB(servers, load));
}

/**
 * Mean number waiting. `variation` corrects for other arrivals and service times, as in `variationOf`: exact for 1, and
 * for M/G/1; the approximation of Lee and Longton (1959), Allen and Cunneen for more servers.
 */
export function meanQueue(servers: number, load: number, variation = 1): number {
  if (load >= servers) return Infinity;
  return ((erlangC(servers, load) * load) / (servers - load)) * variation;
}

/** Mean wait in mean service times: by Little's law, the queue over the arrival rate. */
export function meanWait(servers: number, load: number, variation = 1): number {
  return load === 0 ? 0 : meanQueue(servers, load, variation) / load;
}

/**
 * Share of arrivals that wait longer than `wait` mean service times. Exact for M/M/c; otherwise the exponential tail
 * with the mean scaled by `variation`, which holds in heavy traffic (Kingman 1961; Köllerström 1974).
 */
export function lateShare(servers: number, load: number, wait: number, variation = 1): number {
  return erlangC(servers, load) * Math.exp((-Math.max(0, servers - load) * wait) / variation);
}

/**
 * M/D/1: share of arrivals that wait longer than `wait` service times, where all take the same time. Erlang's series
 * (1909), which is exact; its terms alternate and grow as exp(load x wait), so that up to 20 service times eight digits
 * of it are right. C. D. Crommelin, "Delay probability formulae when the holding times are constant", 1932.
 */
export function lateShareOfConstant(load: number, wait: number): number {
  if (load >= 1) return 1;
  let inTime = 0;
  for (let k = 0; k <= wait; k++) {
    const reach = load * (wait - k);
    let term = Math.exp(reach);
    for (let factor = 1; factor <= k; factor++) term *= -reach / factor;
    inTime += term;
  }
  return 1 - (1 - load) * inTime;
}

/**
 * The factor by which waits differ from M/M/c: the mean of the squared coefficients of variation of the service times
 * and of the times between arrivals (1 for Poisson). At least 0.5 with Poisson arrivals.
 */
export function variationOf(serviceCv2: number, arrivalCv2 = 1): number {
  return (arrivalCv2 + serviceCv2) / 2;
}

/**
 * The least servers with which at most `late` of the arrivals wait longer than `wait` mean service times, or `most`
 * where that many are not enough. One pass of the recursion: what it costs grows with the answer.
 */
export function leastServers(load: number, late: number, wait: number, variation: number, most: number): number {
  let blocked = 1;
  for (let servers = 1; servers <= most; servers++) {
    blocked = (load * blocked) / (servers + load * blocked);
    if (servers <= load) continue;
    const share = waitingShare(servers, load, blocked) * Math.exp((-(servers - load) * wait) / variation);
    if (share <= late) return servers;
  }
  return most;
}

/**
 * The servers with which they and waiting cost least, where a server costs `price` times as much as a task that waits: the
 * least n with queue(n) - queue(n + 1) <= price, within `most`. Where servers come by the `each`, that many cost `price`,
 * and n goes up by as many. The mean queue is convex in the servers, so that the first such n is the best (M. E. Dyer and L. G. Proll, "On the validity of marginal analysis for allocating servers in
 * M/M/c queues", 1977). One pass, as `leastServers`.
 */
export function cheapestServers(load: number, price: number, variation: number, most: number, each = 1): number {
  let blocked = 1;
  let queue = Infinity;
  for (let servers = 1; servers <= most; servers++) {
    blocked = (load * blocked) / (servers + load * blocked);
    if (servers <= load || servers % each !== 0) continue;
    const shorter = ((waitingShare(servers, load, blocked) * load) / (servers - load)) * variation;
    if (queue - shorter <= price) return servers - each;
    queue = shorter;
  }
  return most;
}

/** Erlang's C from B. */
function waitingShare(servers: number, load: number, blocked: number): number {
  return load >= servers ? 1 : (servers * blocked) / (servers - load * (1 - blocked));
}
