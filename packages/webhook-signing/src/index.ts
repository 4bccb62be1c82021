export { newWebhookSecret } from './new-webhook-secret.ts';
export { signWebhook, type UnsignedWebhook, type WebhookHeaders } from './sign-webhook.ts';
export {
  verifyWebhook,
  type ReceivedWebhook,
  type VerifiedWebhook,
  type WebhookRejection,
  type WebhookVerification,
} from './verify-webhook.ts';
