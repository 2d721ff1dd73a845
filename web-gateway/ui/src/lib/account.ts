/** What only the screen of the account asks for. */

import { AuthService } from '#gen/viva/v1/auth_pb.js';
import type { Api } from './api.js';

/** Gives the account another password, and ends its sessions on other devices. */
export async function changePassword(api: Api, currentPassword: string, newPassword: string): Promise<void> {
  await api.call(AuthService.method.changePassword, { currentPassword, newPassword });
}
