// Entry point of the reporting grid; pages without a grid load nothing that runs.
export {};
