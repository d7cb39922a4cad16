export async function describeRoutes(): Promise<void> {}
