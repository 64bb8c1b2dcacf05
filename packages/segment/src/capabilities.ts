/** What a definition needs besides Waybill's HTTP client. */
export interface Capability {
  /**
   * `connection`: it opens its own connections, bypassing Waybill's guard against internal addresses, its record of exchanges
   * and its redaction. `environment`: it reads environment variables.
   */
  readonly kind: 'connection' | 'environment';
  /** What it connects with, or the names of the variables. */
  readonly what: string;
}

const AWS = 'the client of AWS';

const CONNECTIONS: Readonly<Record<string, string>> = {
  'amazon-eventbridge': AWS,
  'aws-kinesis': AWS,
  'aws-s3': AWS,
  s3: AWS,
  'liveramp-audiences': `${AWS} and an SFTP client`,
  'the-trade-desk-crm': AWS,
  sftp: 'an SFTP client',
  kafka: 'a client of Kafka',
};

const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'amazon-amc': ['ACTIONS_AMAZON_AMC_CLIENT_ID', 'ACTIONS_AMAZON_AMC_CLIENT_SECRET'],
  'amazon-conversions-api': [
    'ACTIONS_AMAZON_CONVERSIONS_API_CLIENT_ID',
    'ACTIONS_AMAZON_CONVERSIONS_API_CLIENT_SECRET',
  ],
  apolloio: ['ACTIONS_APOLLOIO_HEADER_SECRET'],
  'aws-kinesis': ['AMAZON_KINESIS_ACTIONS_ROLE_ADDRESS', 'AMAZON_KINESIS_ACTIONS_EXTERNAL_ID'],
  'aws-s3': ['AMAZON_S3_ACTIONS_ROLE_ADDRESS', 'AMAZON_S3_ACTIONS_EXTERNAL_ID'],
  'braze-cohorts': ['BRAZE_COHORTS_PARTNER_API_KEY_EU', 'BRAZE_COHORTS_PARTNER_API_KEY_US'],
  'display-video-360': [
    'ACTIONS_DISPLAY_VIDEO_360_CLIENT_ID',
    'ACTIONS_DISPLAY_VIDEO_360_CLIENT_SECRET',
    'ACTIONS_DISPLAY_VIDEO_360_REFRESH_TOKEN',
  ],
  'dotdigital-audiences': ['DOTDIGITAL_AUDIENCES_PARTNER_SECRET'],
  'dynamic-yield-audiences': [
    'ACTIONS_DYNAMIC_YIELD_AUDIENCES_DEV_CLIENT_SECRET',
    'ACTIONS_DYNAMIC_YIELD_AUDIENCES_EU_CLIENT_SECRET',
    'ACTIONS_DYNAMIC_YIELD_AUDIENCES_US_CLIENT_SECRET',
  ],
  'engage-messaging-sendgrid': ['SENDGRID_BYPASS_IP_BLOCK_HEADER_SECRET'],
  'facebook-conversions-api': ['ACTIONS_FB_CAPI_SYSTEM_USER_TOKEN'],
  'first-party-dv360': ['ACTIONS_FIRST_PARTY_DV360_CLIENT_ID', 'ACTIONS_FIRST_PARTY_DV360_CLIENT_SECRET'],
  'google-enhanced-conversions': [
    'ADWORDS_DEVELOPER_TOKEN',
    'GOOGLE_ENHANCED_CONVERSIONS_CLIENT_ID',
    'GOOGLE_ENHANCED_CONVERSIONS_CLIENT_SECRET',
  ],
  'linkedin-conversions': [
    'ACTIONS_LINKEDIN_CONVERSIONS_CLIENT_ID',
    'ACTIONS_LINKEDIN_CONVERSIONS_CLIENT_SECRET',
  ],
  'liveramp-audiences': ['AWS_REGION'],
  'ms-bing-ads-audiences': ['ACTIONS_MS_BING_ADS_AUDIENCES_DEVELOPER_TOKEN'],
  s3: ['AMAZON_S3_ACTIONS_ROLE_ADDRESS', 'AMAZON_S3_ACTIONS_EXTERNAL_ID'],
  salesforce: ['SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'],
  segment: ['AWS_REGION'],
  'the-trade-desk-crm': ['AWS_REGION'],
  'yahoo-audiences': [
    'ACTIONS_YAHOO_AUDIENCES_TAXONOMY_CLIENT_ID',
    'ACTIONS_YAHOO_AUDIENCES_TAXONOMY_CLIENT_SECRET',
  ],
};

/** Returns what the definition in a folder needs besides HTTP; most need nothing. */
export function capabilitiesOf(folder: string): readonly Capability[] {
  const connection = CONNECTIONS[folder];
  const variables = VARIABLES[folder];
  return [
    ...(connection === undefined ? [] : [{ kind: 'connection', what: connection } as const]),
    ...(variables === undefined ? [] : [{ kind: 'environment', what: variables.join(', ') } as const]),
  ];
}

/** Returns the variables from which the definition in a folder reads secrets: all but the name of a region. */
export function secretVariablesOf(folder: string): readonly string[] {
  return (VARIABLES[folder] ?? []).filter((name) => name !== 'AWS_REGION');
}
