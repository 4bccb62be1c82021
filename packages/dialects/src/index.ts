export type { MalformedAnswer } from './chat/chat-answer.ts';
export { chatToMessage } from './messages/chat-to-message.ts';
export { messageAnswerSchema, type MessageAnswer } from './messages/message-answer.ts';
export { messagesToChat } from './messages/messages-to-chat.ts';
export { toChatCompletion } from './messages/to-chat-completion.ts';
export { toMessagesRequest, type MessagesRequest } from './messages/to-messages-request.ts';
export { chatToResponse } from './responses/chat-to-response.ts';
export { responsesToChat } from './responses/responses-to-chat.ts';
export type { Untranslatable } from './untranslatable.ts';
