#!/usr/bin/env node
import '@waybill/cli/bin';
